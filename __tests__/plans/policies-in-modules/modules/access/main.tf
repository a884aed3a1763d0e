variable "name" {
  type = string
}

variable "workgroup_arn" {
  type = string
}

resource "aws_iam_role" "this" {
  count = 1
  name  = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111122223333:role/ExampleAdminRole" }
    }]
  })
}

data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["redshift-data:ExecuteStatement"]
    resources = [var.workgroup_arn]
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "warehouse"
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.this.json
}

output "policy" {
  value = data.aws_iam_policy_document.this.json
}

output "role_arn" {
  description = "The role that reads the warehouse."
  value       = aws_iam_role.this[0].arn
}
