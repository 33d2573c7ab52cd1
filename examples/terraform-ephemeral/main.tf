terraform {
  # Ephemeral resources came with Terraform 1.10, and with OpenTofu 1.11: write that where it reads this.
  required_version = ">= 1.10"

  required_providers {
    yciam = {
      source = "yciam/yciam"
    }
    yandex = {
      source = "yandex-cloud/yandex"
    }
  }
}

variable "cloud" {
  type        = string
  description = "Name of a cloud that the token's owner may see."
}

# Whose token it is, the environment decides: YC_SERVICE_ACCOUNT_KEY_FILE here, workload identity in CI.
ephemeral "yciam_token" "deploy" {
  # A run that takes an hour never meets a dead token.
  min_remaining_validity = "1h"
}

provider "yandex" {
  token = ephemeral.yciam_token.deploy.token
}

data "yandex_resourcemanager_cloud" "this" {
  name = var.cloud
}

output "cloud_id" {
  value = data.yandex_resourcemanager_cloud.this.id
}
