resource "aws_iam_user" "loader" {
  name = "Loader"
}

resource "aws_iam_access_key" "loader" {
  user = aws_iam_user.loader.name
}

resource "aws_iam_user_login_profile" "loader" {
  user = aws_iam_user.loader.name
}
