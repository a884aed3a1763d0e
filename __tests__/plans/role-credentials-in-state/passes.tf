resource "aws_iam_user" "loader" {
  name = "Loader"
}

resource "aws_iam_access_key" "loader" {
  user    = aws_iam_user.loader.name
  pgp_key = "keybase:loader"
}
