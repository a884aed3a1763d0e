module "key" {
  source         = "git::https://example.com/redshift-kms.git//terraform?ref=v0.2.0"
  administrators = ["arn:aws:iam::111122223333:role/ExampleAdminRole"]
  alias          = "alias/analytics"
  user_roles = {
    AnalyticsReader = { trusted_principals = ["arn:aws:iam::111122223333:root"] }
  }
}

module "cluster" {
  source                 = "git::https://example.com/redshift-kms.git//terraform/modules/cluster?ref=v0.2.0"
  cluster_identifier     = "analytics"
  key_arn                = module.key.key_arn
  node_type              = "ra3.large"
  number_of_nodes        = 2
  subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  user_role_arns         = module.key.user_role_arns
  vpc_security_group_ids = ["sg-0123456789abcdef0"]
}

module "serverless" {
  source             = "git::https://example.com/redshift-kms.git//terraform/modules/serverless?ref=v0.2.0"
  key_arn            = module.key.key_arn
  namespace_name     = "analytics"
  security_group_ids = ["sg-0123456789abcdef0"]
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
  user_role_arns     = module.key.user_role_arns
}
