data "aws_caller_identity" "this" {}

resource "aws_redshift_cluster" "this" {
  cluster_identifier           = "secret"
  node_type                    = "ra3.large"
  master_username              = "warehouse_admin"
  manage_master_password       = true
  encrypted                    = true
  kms_key_id                   = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  cluster_parameter_group_name = "default.redshift-2.0"
  publicly_accessible          = false
  final_snapshot_identifier    = "secret-final"
}

resource "aws_secretsmanager_secret_policy" "this" {
  secret_arn = aws_redshift_cluster.this.master_password_secret_arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*", Principal = { Service = "appflow.amazonaws.com" } }
    ]
  })
}
