resource "aws_kms_external_key" "this" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_redshift_cluster" "this" {
  cluster_identifier           = "key-material-expires"
  node_type                    = "ra3.large"
  master_username              = "warehouse_admin"
  manage_master_password       = true
  encrypted                    = true
  kms_key_id                   = aws_kms_external_key.this.arn
  cluster_parameter_group_name = "default.redshift-2.0"
  publicly_accessible          = false
  final_snapshot_identifier    = "key-material-expires-final"
}
