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
  description = "The roles that use the key, once they exist."
  value       = local.users
  depends_on  = [aws_iam_role.user_role]
}
