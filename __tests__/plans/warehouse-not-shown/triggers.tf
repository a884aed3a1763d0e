resource "aws_redshiftserverless_workgroup" "this" {
  namespace_name      = "analytics"
  workgroup_name      = "analytics"
  publicly_accessible = sensitive(false)
}
