module "key" {
  source         = "./terraform-module"
  administrators = ["arn:aws:iam::111122223333:role/ExampleAdminRole"]
  alias          = "alias/analytics"
  user_roles = {
    AnalyticsReader = { trusted_principals = ["arn:aws:iam::111122223333:root"] }
  }
}

module "cluster" {
  source                 = "./terraform-module/modules/cluster"
  cluster_identifier     = "analytics"
  key_arn                = module.key.key_arn
  node_type              = "ra3.large"
  number_of_nodes        = 2
  subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  user_role_arns         = module.key.user_role_arns
  vpc_security_group_ids = ["sg-0123456789abcdef0"]
}

module "serverless" {
  source             = "./terraform-module/modules/serverless"
  key_arn            = module.key.key_arn
  namespace_name     = "analytics"
  security_group_ids = ["sg-0123456789abcdef0"]
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
  user_role_arns     = module.key.user_role_arns
}
