output "user_policy" {
  description = "The IAM policy that a user of the warehouse needs. A role that only AWS may change takes it from its owner."
  value       = local.user_policy

  precondition {
    condition     = alltrue([for arn in var.user_role_arns : (split(":", arn)[4] != split(":", var.key_arn)[4]) == var.key_of_another_account])
    error_message = "'key_of_another_account' must be ${!var.key_of_another_account} for the key ${var.key_arn} and the roles ${join(", ", var.user_role_arns)}."
  }
}

output "warehouse_arn" {
  description = "The ARN that the Data API's IAM actions name."
  value       = "arn:${data.aws_partition.partition.partition}:redshift:${data.aws_region.region.id}:${data.aws_caller_identity.caller.account_id}:cluster:${var.cluster_identifier}"
}

output "encryption_context" {
  description = "The KMS encryption context of the Data API."
  value = {
    "aws:redshift:arn" = "arn:${data.aws_partition.partition.partition}:redshift:${data.aws_region.region.id}:${data.aws_caller_identity.caller.account_id}:cluster:${var.cluster_identifier}"
    serviceName        = "RedshiftDataAPI"
  }
}

output "endpoint" {
  description = "The host name and port of the warehouse."
  value       = aws_redshift_cluster.cluster.endpoint
}

output "admin_secret_arn" {
  description = "The secret with the admin's name and password."
  value       = aws_redshift_cluster.cluster.master_password_secret_arn
}
