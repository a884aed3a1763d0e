removed {
  from = aws_redshift_cluster.this
  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_kms_key.this
  lifecycle {
    destroy = false
  }
}

resource "aws_redshift_parameter_group" "this" {
  name   = "key-destroyed"
  family = "redshift-2.0"

  parameter {
    name  = "require_ssl"
    value = "true"
  }
}
