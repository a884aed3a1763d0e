resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.administrator] })
}

locals {
  decrypt = { Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }
}

resource "aws_iam_role" "known" {
  name               = "known"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
  dynamic "inline_policy" {
    for_each = ["decrypt"]
    content {
      name   = inline_policy.value
      policy = jsonencode({ Version = "2012-10-17", Statement = [local.decrypt] })
    }
  }
}

resource "aws_iam_role" "unknown" {
  name               = "unknown"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
  dynamic "inline_policy" {
    for_each = ["decrypt"]
    content {
      name   = inline_policy.value
      policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.decrypt, { Sid = aws_kms_key.this.key_id })] })
    }
  }
}

resource "aws_iam_role" "of_unknown_number" {
  name               = "of-unknown-number"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
  dynamic "inline_policy" {
    for_each = split(",", aws_kms_key.this.arn)
    content {
      name   = inline_policy.value
      policy = jsonencode({ Version = "2012-10-17", Statement = [local.decrypt] })
    }
  }
}

resource "aws_iam_role" "without" {
  name               = "without"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}
