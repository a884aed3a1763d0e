output "key_arn" {
  description = "The key's ARN."
  value       = aws_kms_key.key.arn
}

output "key_id" {
  description = "The key's ID."
  value       = aws_kms_key.key.key_id
}

output "key_alias" {
  description = "The key's alias."
  value       = aws_kms_alias.key_alias.name
}

output "user_role_arns" {
  description = "The roles that use the key, once they exist, without those of permission sets: the users of a warehouse."
  value       = concat(var.users, [for name, role in var.user_roles : "arn:${data.aws_partition.partition.partition}:iam::${data.aws_caller_identity.caller.account_id}:role${role.path}${name}"])
  depends_on  = [aws_iam_role.user_role]
}
