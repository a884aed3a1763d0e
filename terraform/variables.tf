variable "alias" {
  description = "The key's alias. It begins with `alias/`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:alias/[\\w/-]{1,250})$", var.alias)) && !can(regex("^alias/aws/", var.alias))
    error_message = "'alias' must be alias/ and 1 to 250 letters, digits or any of /_-, and not begin with alias/aws/, got: ${var.alias}."
  }
}

variable "administrators" {
  description = "The IAM principals that administer the key: at least one. The deployer must be among them. The lockout precondition compares roles without their paths, because a session's ARN does not have its role's path."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.administrators : can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::\\d{12}:(root|(user|role)/([!-)+->@-z|~]{1,510}/)?[\\w+=,.@-]{1,64}))$", value)) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", value)) || can(regex(":role/aws-reserved/", value))) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", value)) || can(regex(":role/aws-service-role/", value)))])
    error_message = "Each of 'administrators' must be the ARN of an IAM role, an IAM user or an account root, got: ${join(", ", var.administrators)}."
  }
}

variable "deployers" {
  description = "The IAM principals that create, restore and change warehouses under the key, besides its administrators. Default: nobody: the statements for deployers are left out."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.deployers : can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::\\d{12}:(root|(user|role)/([!-)+->@-z|~]{1,510}/)?[\\w+=,.@-]{1,64}))$", value)) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", value)) || can(regex(":role/aws-reserved/", value))) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", value)) || can(regex(":role/aws-service-role/", value)))])
    error_message = "Each of 'deployers' must be the ARN of an IAM role, an IAM user or an account root, got: ${join(", ", var.deployers)}."
  }
}

variable "users" {
  description = "The IAM principals that use the key with the Data API. Default: nobody: the statement for users is left out."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.users : can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::\\d{12}:role/([!-)+->@-z|~]{1,510}/)?[\\w+=,.@-]{1,64})$", value)) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", value)) || can(regex(":role/aws-reserved/", value))) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", value)) || can(regex(":role/aws-service-role/", value)))])
    error_message = "Each of 'users' must be the ARN of an IAM role, got: ${join(", ", var.users)}."
  }
}

variable "via_services" {
  description = "The values of `kms:ViaService` that count as Redshift. Default: the regional names of Redshift and Redshift Serverless, and redshift.amazonaws.com."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.via_services : can(regex("^(?:[a-z0-9-]+(\\.[a-z0-9-]+)?\\.amazonaws\\.com)$", value))])
    error_message = "Each of 'via_services' must be a kms:ViaService name such as redshift.us-east-1.amazonaws.com, got: ${join(", ", var.via_services)}."
  }
}

variable "bypass_policy_lockout_safety_check" {
  description = "Whether KMS accepts a policy that its caller could not change again. If true, the key has no lockout precondition."
  default     = false
  type        = bool
  nullable    = false
}

variable "deletion_window_in_days" {
  description = "How long a deleted key can be restored, in days: 7 to 30. With fewer than 14, KMS deletes the key before Redshift deletes a warehouse whose key is inaccessible."
  default     = 30
  type        = number
  nullable    = false

  validation {
    condition     = var.deletion_window_in_days >= 7 && var.deletion_window_in_days <= 30 && floor(var.deletion_window_in_days) == var.deletion_window_in_days
    error_message = "'deletion_window_in_days' must be an integer from 7 to 30, got: ${var.deletion_window_in_days}."
  }
}

variable "description" {
  description = "The purpose of the key: at most 8,192 characters."
  default     = "Amazon Redshift and its Data API"
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) <= 8192
    error_message = "'description' must be a string of 0 to 8192 characters, got: ${var.description}."
  }
}

variable "lockout_precondition" {
  description = "Whether a plan fails if its caller is not an administrator, because KMS would refuse the policy at apply. Set it to false if an additional statement lets the caller change the policy, or if the identities that plan and apply differ. KMS checks the policy in any case."
  default     = true
  type        = bool
  nullable    = false
}

variable "tags" {
  description = "The tags of the resources. Default: the provider's default tags only."
  default     = {}
  type        = map(string)
  nullable    = false
}

variable "multi_region" {
  description = "Whether the key is a multi-Region primary key. It cannot be changed later."
  default     = false
  type        = bool
  nullable    = false
}

variable "rotation_period_in_days" {
  description = "Days between two rotations: 90 to 2,560."
  default     = 365
  type        = number
  nullable    = false

  validation {
    condition     = var.rotation_period_in_days >= 90 && var.rotation_period_in_days <= 2560 && floor(var.rotation_period_in_days) == var.rotation_period_in_days
    error_message = "'rotation_period_in_days' must be an integer from 90 to 2560, got: ${var.rotation_period_in_days}."
  }
}

variable "administrator_permission_sets" {
  description = "The permission sets of IAM Identity Center, by name, whose roles in this account administer the key."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.administrator_permission_sets : can(regex("^(?:[\\w+=,.@-]{1,32})$", value))])
    error_message = "Each of 'administrator_permission_sets' must be the name of a permission set: 1 to 32 letters, digits or any of _+=,.@-, got: ${join(", ", var.administrator_permission_sets)}."
  }
}

variable "deployer_permission_sets" {
  description = "The permission sets of IAM Identity Center, by name, whose roles in this account create, restore and change warehouses under the key."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.deployer_permission_sets : can(regex("^(?:[\\w+=,.@-]{1,32})$", value))])
    error_message = "Each of 'deployer_permission_sets' must be the name of a permission set: 1 to 32 letters, digits or any of _+=,.@-, got: ${join(", ", var.deployer_permission_sets)}."
  }
}

variable "user_permission_sets" {
  description = "The permission sets of IAM Identity Center, by name, whose roles in this account use the key."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.user_permission_sets : can(regex("^(?:[\\w+=,.@-]{1,32})$", value))])
    error_message = "Each of 'user_permission_sets' must be the name of a permission set: 1 to 32 letters, digits or any of _+=,.@-, got: ${join(", ", var.user_permission_sets)}."
  }
}

variable "user_roles" {
  description = "The roles to create, by name, that use the Data API with this key, each with the principals it trusts."
  default     = {}
  type = map(object({
    description          = optional(string)
    max_session_duration = optional(number, 3600)
    path                 = optional(string, "/")
    permissions_boundary = optional(string)
    trusted_principals   = optional(list(string), [])
    trusted_services     = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = alltrue([for name, role in var.user_roles : can(regex("^(?:[\\w+=,.@-]{1,64})$", name))])
    error_message = "Each name of 'user_roles' must be 1 to 64 letters, digits or any of _+=,.@-, got: ${join(", ", keys(var.user_roles))}."
  }

  validation {
    condition     = alltrue([for name, role in var.user_roles : can(regex("^(?:/([!-)+->@-z|~]{1,510}/)?)$", role.path))])
    error_message = "Each path of 'user_roles' must begin and end with /, have at most 512 characters, and none of *?{}."
  }

  validation {
    condition     = alltrue([for name, role in var.user_roles : alltrue([for arn in role.trusted_principals : can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::\\d{12}:(root|(user|role)/([!-)+->@-z|~]{1,510}/)?[\\w+=,.@-]{1,64}))$", arn)) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", arn)) || can(regex(":role/aws-reserved/", arn))) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", arn)) || can(regex(":role/aws-service-role/", arn)))])])
    error_message = "Each trusted principal of 'user_roles' must be the ARN of an IAM role, an IAM user or an account root."
  }

  validation {
    condition     = alltrue([for name, role in var.user_roles : length(role.trusted_principals) + length(role.trusted_services) > 0])
    error_message = "Each of 'user_roles' must name who may assume the role: trusted_principals or trusted_services."
  }
}
