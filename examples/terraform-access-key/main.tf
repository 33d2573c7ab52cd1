terraform {
  # Ephemeral resources came with Terraform 1.10, and with OpenTofu 1.11: write that where it reads this.
  required_version = ">= 1.10"

  required_providers {
    yciam = {
      source = "yciam/yciam"
    }
  }
}

variable "bucket" {
  type        = string
  description = "Name of a bucket that the key's owner may write to."
}

variable "endpoint" {
  type    = string
  default = "https://storage.yandexcloud.net"
}

# Whose key it is, the environment decides: YC_SERVICE_ACCOUNT_KEY_FILE here, workload identity in CI.
ephemeral "yciam_access_key" "upload" {
  duration     = "15m"
  session_name = "upload"
}

resource "terraform_data" "upload" {
  provisioner "local-exec" {
    command = "echo hello | aws s3 cp - s3://${var.bucket}/hello.txt"

    environment = {
      AWS_ENDPOINT_URL_S3   = var.endpoint
      AWS_DEFAULT_REGION    = "ru-central1"
      AWS_ACCESS_KEY_ID     = ephemeral.yciam_access_key.upload.access_key
      AWS_SECRET_ACCESS_KEY = ephemeral.yciam_access_key.upload.secret_key
      AWS_SESSION_TOKEN     = ephemeral.yciam_access_key.upload.session_token
    }
  }
}
