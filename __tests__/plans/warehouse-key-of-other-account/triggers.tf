data "aws_caller_identity" "current" {}

resource "aws_redshift_cluster" "this" {
  cluster_identifier           = "key-of-other-account"
  node_type                    = "ra3.large"
  master_username              = "warehouse_admin"
  manage_master_password       = true
  encrypted                    = true
  kms_key_id                   = "arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  cluster_parameter_group_name = "default.redshift-2.0"
  publicly_accessible          = false
  final_snapshot_identifier    = "key-of-other-account-final"
}
