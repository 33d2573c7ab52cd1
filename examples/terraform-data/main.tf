terraform {
  required_providers {
    yciam = {
      source = "yciam/yciam"
    }
  }
}

variable "deployer_id" {
  type        = string
  description = "Id of a service account for which the caller may create tokens."
}

# One provider for each identity. The credential of both is in the environment.
provider "yciam" {}

provider "yciam" {
  alias = "deployer"
  impersonate {
    service_account_id = var.deployer_id
  }
}

# Who would answer here, and why not the others. No token is asked for.
data "yciam_resolvers" "here" {}

# Nothing of this is secret.
data "yciam_token_info" "caller" {}

# The token itself: kept in the state, in clear. Prefer the ephemeral resource wherever it will do.
data "yciam_token" "deployer" {
  provider = yciam.deployer
}

output "resolvers" {
  value = { for row in data.yciam_resolvers.here.resolvers : row.resolver => coalesce(row.reason, row.outcome) }
}

output "caller" {
  value = {
    id         = data.yciam_token_info.caller.subject_id
    resolver   = data.yciam_token_info.caller.resolver
    expires_at = data.yciam_token_info.caller.expires_at
  }
}

# For a script: terraform output -raw token
output "token" {
  value     = data.yciam_token.deployer.token
  sensitive = true
}
