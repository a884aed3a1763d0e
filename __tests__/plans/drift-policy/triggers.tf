data "aws_caller_identity" "me" {}
resource "aws_iam_role" "reader" {
  name = "TBReader"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111122223333:root" } }] })
}
resource "aws_kms_key" "k" {
  description             = "k"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}
resource "aws_kms_key" "other" {
  description             = "other"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}
resource "aws_kms_alias" "a" {
  name          = "alias/tb"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_kms_key_policy" "k" {
  key_id = aws_kms_key.k.key_id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Sid = "Admin", Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::111122223333:role/ExampleAdminRole" } },
    { Sid = "Read", Effect = "Allow", Action = ["kms:Decrypt", "kms:DescribeKey"], Resource = "*", Principal = { AWS = [aws_iam_role.reader.arn, "arn:aws:iam::111122223333:role/Analyst"] } },
    { Sid = "Via", Effect = "Allow", Action = ["kms:CreateGrant", "kms:DescribeKey"], Resource = "*", Principal = { AWS = "*" }, Condition = { StringEquals = { "kms:CallerAccount" = "111122223333", "kms:ViaService" = ["redshift-serverless.us-east-1.amazonaws.com", "redshift.us-east-1.amazonaws.com"] } } }
  ] })
}
resource "aws_redshiftserverless_namespace" "ns" {
  namespace_name        = "tb"
  manage_admin_password = true
  kms_key_id            = aws_kms_key.k.arn
  depends_on            = [aws_kms_key_policy.k]
}
resource "aws_redshift_cluster" "c" {
  cluster_identifier     = "tb"
  database_name          = "dev"
  node_type              = "ra3.large"
  master_username        = "awsuser"
  manage_master_password = true
  encrypted              = true
  kms_key_id             = aws_kms_key.k.arn
  publicly_accessible    = false
  skip_final_snapshot    = false
  final_snapshot_identifier = "tb-final"
  cluster_parameter_group_name = aws_redshift_parameter_group.pg.name
  depends_on             = [aws_kms_key_policy.k]
}
resource "aws_redshift_parameter_group" "pg" {
  name   = "tb"
  family = "redshift-1.0"
  parameter {
    name  = "require_ssl"
    value = "true"
  }
}
resource "aws_kms_grant" "ns" {
  key_id            = aws_kms_key.k.key_id
  grantee_principal = aws_iam_role.reader.arn
  operations        = ["Decrypt"]
  constraints {
    encryption_context_subset = { "aws:redshift-serverless:arn" = aws_redshiftserverless_namespace.ns.arn }
  }
}
resource "aws_kms_grant" "c" {
  key_id            = aws_kms_key.k.key_id
  grantee_principal = "arn:aws:iam::111122223333:role/Analyst"
  operations        = ["Decrypt", "GenerateDataKey"]
  constraints {
    encryption_context_subset = { "aws:redshift:arn" = "arn:aws:redshift:us-east-1:111122223333:cluster:tb" }
  }
}
