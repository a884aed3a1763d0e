mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

variables {
  key_arn        = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"
  subnet_ids     = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
  user_role_arns = ["arn:aws:iam::111122223333:role/team/Reader"]
}

run "a_cluster" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    cluster_identifier     = "analytics"
    node_type              = "ra3.large"
    number_of_nodes        = 2
    vpc_security_group_ids = ["sg-0123456789abcdef0"]
  }

  assert {
    condition     = aws_redshift_cluster.cluster.kms_key_id == var.key_arn && tobool(aws_redshift_cluster.cluster.encrypted)
    error_message = "The cluster is not encrypted with the key."
  }

  assert {
    condition     = output.encryption_context["aws:redshift:arn"] == "arn:aws:redshift:us-east-1:111122223333:cluster:analytics"
    error_message = "The encryption context does not have the cluster's ARN."
  }

  assert {
    condition     = aws_iam_role_policy.access[0].role == "Reader"
    error_message = "The role's policy is not the role's."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.access[0].policy, "kms:")
    error_message = "The role has IAM permissions on a key of its own account."
  }

  assert {
    condition     = aws_redshift_cluster.cluster.availability_zone_relocation_enabled
    error_message = "An RA3 cluster with several subnets may not relocate."
  }
}

run "a_cluster_with_a_parameter_group_that_exists" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    cluster_identifier           = "analytics"
    cluster_parameter_group_name = "standard"
    node_type                    = "ra3.large"
    number_of_nodes              = 2
    vpc_security_group_ids       = ["sg-0123456789abcdef0"]
  }

  assert {
    condition     = aws_redshift_cluster.cluster.cluster_parameter_group_name == "standard" && length(aws_redshift_parameter_group.cluster_parameter_group) == 0
    error_message = "The cluster does not take the parameter group that exists."
  }
}

run "roles_in_the_order_of_the_list" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    cluster_identifier     = "analytics"
    node_type              = "ra3.large"
    number_of_nodes        = 2
    user_role_arns         = ["arn:aws:iam::111122223333:role/Reader", "arn:aws:iam::111122223333:role/Analyst"]
    vpc_security_group_ids = ["sg-0123456789abcdef0"]
  }

  assert {
    condition     = [for access in aws_iam_role_policy.access : [access.role, access.name]] == [["Reader", "analytics-cluster-data-api-0"], ["Analyst", "analytics-cluster-data-api-1"]]
    error_message = "Two roles do not have a policy each, of different names."
  }

  assert {
    condition     = alltrue([for access in aws_iam_role_policy.access : access.policy == output.user_policy])
    error_message = "A role does not have the permissions that the output shows."
  }
}

run "a_role_that_only_aws_changes_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    cluster_identifier     = "analytics"
    node_type              = "ra3.large"
    number_of_nodes        = 2
    user_role_arns         = ["arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef"]
    vpc_security_group_ids = ["sg-0123456789abcdef0"]
  }

  expect_failures = [var.user_role_arns]
}

run "a_key_of_another_account" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    cluster_identifier     = "analytics"
    key_arn                = "arn:aws:kms:us-east-1:444455556666:key/12345678-1234-1234-1234-123456789012"
    key_of_another_account = true
    node_type              = "ra3.large"
    number_of_nodes        = 2
    vpc_security_group_ids = ["sg-0123456789abcdef0"]
  }

  assert {
    condition = jsonencode(reverse(jsondecode(aws_iam_role_policy.access[0].policy).Statement)[0]) == jsonencode({
      Effect   = "Allow"
      Action   = ["kms:CreateGrant", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
      Resource = var.key_arn
      Condition = {
        StringEquals = {
          "kms:ViaService" = [
            "redshift-serverless.us-east-1.amazonaws.com",
            "redshift.us-east-1.amazonaws.com",
            "redshift.amazonaws.com",
          ]
        }
      }
    })
    error_message = "The role may not use the key."
  }
}

run "a_key_of_another_account_that_the_caller_does_not_declare" {
  command = plan

  module {
    source = "./modules/serverless"
  }

  variables {
    key_arn            = "arn:aws:kms:us-east-1:444455556666:key/12345678-1234-1234-1234-123456789012"
    namespace_name     = "analytics"
    security_group_ids = ["sg-0123456789abcdef0"]
  }

  expect_failures = [output.user_policy]
}

run "an_rg_cluster_without_logs" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    cluster_identifier     = "analytics"
    log_exports            = []
    node_type              = "rg.xlarge"
    number_of_nodes        = 2
    vpc_security_group_ids = ["sg-0123456789abcdef0"]
  }

  assert {
    condition     = length(aws_redshift_logging.cluster_logging) == 0 && aws_redshift_cluster.cluster.availability_zone_relocation_enabled
    error_message = "There is a log, or an RG cluster with several subnets may not relocate."
  }
}

run "a_serverless_warehouse" {
  command = plan

  module {
    source = "./modules/serverless"
  }

  variables {
    namespace_name     = "analytics"
    security_group_ids = ["sg-0123456789abcdef0"]
  }

  assert {
    condition     = aws_redshiftserverless_workgroup.serverless_workgroup.workgroup_name == "analytics"
    error_message = "The workgroup does not have the namespace's name."
  }
}

run "variables_are_checked" {
  command = plan

  module {
    source = "./modules/serverless"
  }

  variables {
    base_capacity      = 12
    key_arn            = "alias/analytics"
    namespace_name     = "analytics"
    security_group_ids = []
    subnet_ids         = []
  }

  expect_failures = [var.base_capacity, var.key_arn, var.subnet_ids]
}
