resource "aws_iam_role" "this" {
  name = "Federated"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid       = "Tags"
    Effect    = "Allow"
    Principal = { Federated = "arn:aws:iam::111122223333:saml-provider/Corporate" }
    Action    = "sts:TagSession"
    Condition = { "ForAllValues:StringEquals" = { "aws:TagKeys" = "Team" } }
    }, {
    Sid       = "People"
    Effect    = "Allow"
    Principal = { Federated = "arn:aws:iam::111122223333:saml-provider/Corporate" }
    Action    = "sts:AssumeRoleWithSAML"
    Condition = { StringEquals = { "SAML:aud" = "https://signin.aws.amazon.com/saml" } }
    }, {
    Sid       = "Pipelines"
    Effect    = "Allow"
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
    Action    = "sts:AssumeRoleWithWebIdentity"
    Condition = {
      StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
      StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:example/warehouse:*" }
    }
  }] })
}
