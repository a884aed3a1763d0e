mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
      arn        = "arn:aws:sts::111122223333:assumed-role/ExampleAdminRole/session"
    }
  }

  mock_data "aws_iam_roles" {
    defaults = { arns = ["arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef"] }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

variables {
  administrators = ["arn:aws:iam::111122223333:role/ExampleAdminRole"]
  alias          = "alias/analytics"
  users          = ["arn:aws:iam::111122223333:role/ExampleUserRole"]
}

run "one_principal_is_a_string" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.key.policy).Statement : statement.Principal.AWS] == ["*", var.administrators[0], var.users[0]]
    error_message = "The principals of the three statements are not the ones that were given."
  }

  assert {
    condition     = length(jsondecode(aws_kms_key.key.policy).Statement[0].Condition.StringEquals["kms:ViaService"]) == 3
    error_message = "The statement for Redshift does not name its three service names."
  }
}

run "several_principals_are_a_sorted_list_without_duplicates" {
  command = plan

  variables {
    users = ["arn:aws:iam::111122223333:role/b", "arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"]
    user_roles = {
      c = { path = "/team/", trusted_services = ["lambda.amazonaws.com"] }
    }
  }

  assert {
    condition = jsondecode(aws_kms_key.key.policy).Statement[2].Principal.AWS == [
      "arn:aws:iam::111122223333:role/a",
      "arn:aws:iam::111122223333:role/b",
      "arn:aws:iam::111122223333:role/team/c",
    ]
    error_message = "The users are not sorted, or not each there once."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role.user_role["c"].assume_role_policy).Statement : statement.Sid] == ["AllowTrustedServices"]
    error_message = "The role's trust has a statement about nobody, or not the one about services."
  }
}

run "a_permission_set_stands_for_its_role" {
  command = plan

  variables {
    user_permission_sets = ["Data.Analyst"]
  }

  assert {
    condition = jsondecode(aws_kms_key.key.policy).Statement[2].Principal.AWS == [
      "arn:aws:iam::111122223333:role/ExampleUserRole",
      "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef",
    ]
    error_message = "The users are not the role and the permission set's role."
  }

  assert {
    condition     = data.aws_iam_roles.roles["Data.Analyst"].name_regex == "^AWSReservedSSO_Data[.]Analyst_[0-9a-f]{16}$"
    error_message = "The role is not looked up by the whole name of the permission set."
  }
}

run "a_permission_set_without_a_role_fails_the_plan" {
  command = plan

  variables {
    administrator_permission_sets = ["Nobody"]
  }

  override_data {
    target = data.aws_iam_roles.roles
    values = { arns = [] }
  }

  expect_failures = [data.aws_iam_roles.roles]
}

run "a_key_without_administrators_is_refused" {
  command = plan

  variables {
    administrators                     = []
    bypass_policy_lockout_safety_check = true
  }

  expect_failures = [aws_kms_key.key]
}

run "without_users_there_is_no_statement_about_them" {
  command = plan

  variables {
    users = []
  }

  assert {
    condition     = length(jsondecode(aws_kms_key.key.policy).Statement) == 2
    error_message = "There are not two statements."
  }
}

run "deployers_use_the_key_and_make_grants_for_aws_services_only" {
  command = plan

  variables {
    deployers                = ["arn:aws:iam::111122223333:role/Deployer"]
    deployer_permission_sets = ["Deployer"]
  }

  assert {
    condition = [for statement in slice(jsondecode(aws_kms_key.key.policy).Statement, 3, 5) : [statement.Sid, statement.Principal.AWS]] == [
      for sid in ["AllowDeployers", "AllowDeployersGrantsForAwsServices"] : [sid, [
        "arn:aws:iam::111122223333:role/Deployer",
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef",
      ]]
    ]
    error_message = "The two statements for deployers do not name the role and the permission set's role."
  }

  assert {
    condition     = jsondecode(aws_kms_key.key.policy).Statement[4].Condition == { Bool = { "kms:GrantIsForAWSResource" = "true" } }
    error_message = "A deployer can make grants for other principals than AWS services."
  }
}

run "the_lockout_check_refuses_a_caller_that_does_not_administer_the_key" {
  command = plan

  variables {
    administrators = ["arn:aws:iam::111122223333:role/Other"]
  }

  expect_failures = [aws_kms_key.key]
}

run "a_bypass_of_the_lockout_check_allows_any_caller" {
  command = plan

  variables {
    administrators                     = ["arn:aws:iam::111122223333:role/Other"]
    bypass_policy_lockout_safety_check = true
  }
}

run "variables_are_checked" {
  command = plan

  variables {
    administrators       = ["*"]
    alias                = "alias/aws/redshift"
    deployers            = ["*"]
    user_permission_sets = ["*"]
    user_roles           = { nobody = {} }
  }

  expect_failures = [var.administrators, var.alias, var.deployers, var.user_permission_sets, var.user_roles]
}
