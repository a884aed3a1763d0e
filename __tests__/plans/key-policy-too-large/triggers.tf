resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.redshift,
      local.administrator,
      merge(local.user, { Principal = { AWS = [for index in range(700) : format("arn:aws:iam::111122223333:role/ExampleUserRole%03d", index)] } })
    ]
  })
}
