resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "owned"
  manage_admin_password = true
}
