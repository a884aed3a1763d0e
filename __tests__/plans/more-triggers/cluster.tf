resource "aws_redshift_cluster" "this" {
  cluster_identifier           = "more"
  node_type                    = "ra3.large"
  master_username              = "warehouse_admin"
  manage_master_password       = true
  encrypted                    = true
  kms_key_id                   = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"
  cluster_parameter_group_name = "default.redshift-1.0"
  publicly_accessible          = false
  final_snapshot_identifier    = "more-final"
  snapshot_copy {
    destination_region = "us-west-2"
  }
}

resource "aws_redshift_cluster" "other" {
  cluster_identifier           = "other"
  node_type                    = "ra3.large"
  master_username              = "warehouse_admin"
  manage_master_password       = true
  encrypted                    = true
  cluster_parameter_group_name = aws_redshift_parameter_group.this.name
  publicly_accessible          = false
  final_snapshot_identifier    = "other-final"
}

resource "aws_redshift_parameter_group" "this" {
  name   = "more"
  family = "redshift-1.0"
}
