# What a function needs to log in by IAM: a policy for its execution role, and the way to port 5432.
# The function itself is deployed as any other of yours.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

variable "database_resource_id" {
  type        = string
  description = "Resource id of the database: db-... (instance), cluster-... (Aurora) or prx-... (RDS Proxy), not its name"

  validation {
    condition     = can(regex("^(db|cluster|prx)-[A-Za-z0-9]+$", var.database_resource_id))
    error_message = "The resource id begins with db-, cluster- or prx-."
  }
}

variable "database_user" {
  type        = string
  default     = "jane_doe"
  description = "Database role that was granted rds_iam"

  # A wildcard would be one in the policy
  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_.-]*$", var.database_user))
    error_message = "The role's name consists of letters, digits and _.-, without wildcards."
  }
}

variable "database_security_group_id" {
  type        = string
  description = "Security group of the database, which is opened to the function"
}

variable "function_role_name" {
  type        = string
  description = "Name of the function's execution role"
}

variable "vpc_id" {
  type = string
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_iam_policy_document" "database_login" {
  statement {
    effect    = "Allow"
    actions   = ["rds-db:connect"]
    resources = ["arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${var.database_resource_id}/${var.database_user}"]
  }
}

resource "aws_iam_role_policy" "database_login" {
  name   = "database-login"
  role   = var.function_role_name
  policy = data.aws_iam_policy_document.database_login.json
}

# The function needs it to have network interfaces in the VPC
resource "aws_iam_role_policy_attachment" "vpc_access" {
  role       = var.function_role_name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_security_group" "function" {
  name_prefix = "gizmos-function-"
  description = "The function, which connects to the database and to nothing else"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "function_to_database" {
  security_group_id            = aws_security_group.function.id
  referenced_security_group_id = var.database_security_group_id
  description                  = "PostgreSQL"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "database_from_function" {
  security_group_id            = var.database_security_group_id
  referenced_security_group_id = aws_security_group.function.id
  description                  = "PostgreSQL, from the function"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

output "function_security_group_id" {
  description = "For the vpc_config of the function"
  value       = aws_security_group.function.id
}
