resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}


resource "aws_redshift_cluster" "this" {
  cluster_identifier           = "open"
  node_type                    = "ra3.large"
  master_username              = "warehouse_admin"
  manage_master_password       = true
  encrypted                    = true
  kms_key_id                   = aws_kms_key.this.arn
  cluster_parameter_group_name = "default.redshift-2.0"
  publicly_accessible          = false
  final_snapshot_identifier    = "open-final"
  vpc_security_group_ids       = [aws_security_group.this.id]
}

resource "aws_security_group" "this" {
  name   = "analytics"
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 5439
  to_port           = 5439
}
