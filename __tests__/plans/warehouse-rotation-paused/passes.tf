resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}


resource "aws_redshift_cluster" "this" {
  cluster_identifier           = "paused"
  node_type                    = "ra3.large"
  master_username              = "warehouse_admin"
  manage_master_password       = true
  encrypted                    = true
  kms_key_id                   = aws_kms_key.this.arn
  cluster_parameter_group_name = "default.redshift-2.0"
  publicly_accessible          = false
  final_snapshot_identifier    = "paused-final"
}

resource "aws_redshift_scheduled_action" "this" {
  name     = "nightly-resume"
  schedule = "cron(0 23 * * ? *)"
  iam_role = "arn:aws:iam::111122223333:role/Scheduler"

  target_action {
    resume_cluster {
      cluster_identifier = "paused"
    }
  }
}
