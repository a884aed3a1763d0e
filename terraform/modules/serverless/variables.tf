variable "key_arn" {
  description = "The key's ARN (not an alias, not a key ID). The key may be of another account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+)$", var.key_arn))
    error_message = "'key_arn' must be the ARN of a KMS key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an alias and not a key ID, got: ${var.key_arn}."
  }
}

variable "database_name" {
  description = "The first database: 1 to 64 lowercase letters, digits, underscores or dollar signs, and no reserved word. A restored cluster has the snapshot's database."
  default     = "dev"
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z][a-z0-9_$]{0,63})$", var.database_name)) && !can(regex("^(aes128|aes256|all|allowoverwrite|analyse|analyze|and|any|array|as|asc|authorization|az64|backup|between|binary|blanksasnull|both|bytedict|bzip2|case|cast|check|collate|column|constraint|create|credentials|cross|current_date|current_time|current_timestamp|current_user|current_user_id|default|deferrable|deflate|defrag|delta|delta32k|desc|disable|distinct|do|else|emptyasnull|enable|encode|encrypt|encryption|end|except|explicit|false|for|foreign|freeze|from|full|globaldict256|globaldict64k|grant|group|gzip|having|identity|ignore|ilike|in|initially|inner|intersect|interval|into|is|isnull|join|leading|left|like|limit|localtime|localtimestamp|lun|luns|lzo|lzop|minus|mostly16|mostly32|mostly8|natural|new|not|notnull|null|nulls|off|offline|offset|oid|old|on|only|open|or|order|outer|overlaps|parallel|partition|percent|permissions|pivot|placing|primary|raw|readratio|recover|references|rejectlog|resort|respect|restore|right|select|session_user|similar|snapshot|some|sysdate|system|table|tag|tdes|text255|text32k|then|timestamp|to|top|trailing|true|truncatecolumns|union|unique|unnest|unpivot|user|using|verbose|wallet|when|where|with|without)$", var.database_name))
    error_message = "'database_name' must be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter, and not be a reserved word of Redshift, got: ${var.database_name}."
  }
}

variable "default_iam_role_arn" {
  description = "The default role among `iam_roles`, by ARN. Default: none."
  default     = null
  type        = string
  nullable    = true

  validation {
    condition     = var.default_iam_role_arn == null ? true : (can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::\\d{12}:role/([!-)+->@-z|~]{1,510}/)?[\\w+=,.@-]{1,64})$", var.default_iam_role_arn)) && !can(regex(":role/aws-(?:reserved|service-role)/", var.default_iam_role_arn)) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", var.default_iam_role_arn)) || can(regex(":role/aws-reserved/", var.default_iam_role_arn))) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", var.default_iam_role_arn)) || can(regex(":role/aws-service-role/", var.default_iam_role_arn))))
    error_message = "'default_iam_role_arn' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: ${coalesce(var.default_iam_role_arn, "null")}."
  }
}

variable "iam_roles" {
  description = "The IAM roles that COPY, UNLOAD and external schemas use, by ARN. Default: none."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.iam_roles : can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::\\d{12}:role/([!-)+->@-z|~]{1,510}/)?[\\w+=,.@-]{1,64})$", value)) && !can(regex(":role/aws-(?:reserved|service-role)/", value)) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", value)) || can(regex(":role/aws-reserved/", value))) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", value)) || can(regex(":role/aws-service-role/", value)))])
    error_message = "Each of 'iam_roles' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: ${join(", ", var.iam_roles)}."
  }
}

variable "log_exports" {
  description = "The logs that go to CloudWatch. An empty list turns the audit log off."
  default     = ["connectionlog", "useractivitylog", "userlog"]
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.log_exports : can(regex("^(?:[a-z]+)$", value))])
    error_message = "Each of 'log_exports' must be one of connectionlog, useractivitylog, userlog, or a newer value of the same form, got: ${join(", ", var.log_exports)}."
  }
}

variable "port" {
  description = "The port: 5431 to 5455 or 8191 to 8215. The provider changes the port of a cluster in place from version 6.29. Older versions set it at creation only."
  default     = 5439
  type        = number
  nullable    = false

  validation {
    condition     = ((var.port >= 5431 && var.port <= 5455 && floor(var.port) == var.port) || (var.port >= 8191 && var.port <= 8215 && floor(var.port) == var.port))
    error_message = "'port' must be a port from 5431 to 5455 or from 8191 to 8215, got: ${var.port}."
  }
}

variable "subnet_ids" {
  description = "The subnets. A serverless workgroup requires three Availability Zones, or two without enhanced VPC routing."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.subnet_ids : can(regex("^(?:subnet-[0-9a-f]{8,17})$", value))])
    error_message = "Each of 'subnet_ids' must be a subnet ID such as subnet-0123456789abcdef0, got: ${join(", ", var.subnet_ids)}."
  }

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "'subnet_ids' must name at least one subnet."
  }
}

variable "tags" {
  description = "The tags of the resources. Default: the provider's default tags only."
  default     = {}
  type        = map(string)
  nullable    = false
}

variable "namespace_name" {
  description = "The namespace's name: 3 to 64 lowercase letters, digits or hyphens, and no reserved word."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z0-9-]{3,64})$", var.namespace_name)) && !can(regex("^(aes128|aes256|all|allowoverwrite|analyse|analyze|and|any|array|as|asc|authorization|az64|backup|between|binary|blanksasnull|both|bytedict|bzip2|case|cast|check|collate|column|constraint|create|credentials|cross|current_date|current_time|current_timestamp|current_user|current_user_id|default|deferrable|deflate|defrag|delta|delta32k|desc|disable|distinct|do|else|emptyasnull|enable|encode|encrypt|encryption|end|except|explicit|false|for|foreign|freeze|from|full|globaldict256|globaldict64k|grant|group|gzip|having|identity|ignore|ilike|in|initially|inner|intersect|interval|into|is|isnull|join|leading|left|like|limit|localtime|localtimestamp|lun|luns|lzo|lzop|minus|mostly16|mostly32|mostly8|natural|new|not|notnull|null|nulls|off|offline|offset|oid|old|on|only|open|or|order|outer|overlaps|parallel|partition|percent|permissions|pivot|placing|primary|raw|readratio|recover|references|rejectlog|resort|respect|restore|right|select|session_user|similar|snapshot|some|sysdate|system|table|tag|tdes|text255|text32k|then|timestamp|to|top|trailing|true|truncatecolumns|union|unique|unnest|unpivot|user|using|verbose|wallet|when|where|with|without)$", var.namespace_name))
    error_message = "'namespace_name' must be 3 to 64 lowercase letters, digits or hyphens, and not be a reserved word of Redshift, got: ${var.namespace_name}."
  }
}

variable "admin_username" {
  description = "The admin's name: 1 to 128 lowercase letters, digits or any of `_+.@-`, and no reserved word."
  default     = "warehouse_admin"
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z][a-z0-9_+.@-]{0,127})$", var.admin_username)) && !can(regex("^public$", var.admin_username)) && !can(regex("^(aes128|aes256|all|allowoverwrite|analyse|analyze|and|any|array|as|asc|authorization|az64|backup|between|binary|blanksasnull|both|bytedict|bzip2|case|cast|check|collate|column|constraint|create|credentials|cross|current_date|current_time|current_timestamp|current_user|current_user_id|default|deferrable|deflate|defrag|delta|delta32k|desc|disable|distinct|do|else|emptyasnull|enable|encode|encrypt|encryption|end|except|explicit|false|for|foreign|freeze|from|full|globaldict256|globaldict64k|grant|group|gzip|having|identity|ignore|ilike|in|initially|inner|intersect|interval|into|is|isnull|join|leading|left|like|limit|localtime|localtimestamp|lun|luns|lzo|lzop|minus|mostly16|mostly32|mostly8|natural|new|not|notnull|null|nulls|off|offline|offset|oid|old|on|only|open|or|order|outer|overlaps|parallel|partition|percent|permissions|pivot|placing|primary|raw|readratio|recover|references|rejectlog|resort|respect|restore|right|select|session_user|similar|snapshot|some|sysdate|system|table|tag|tdes|text255|text32k|then|timestamp|to|top|trailing|true|truncatecolumns|union|unique|unnest|unpivot|user|using|verbose|wallet|when|where|with|without)$", var.admin_username))
    error_message = "'admin_username' must be 1 to 128 lowercase letters, digits or any of _+.@-, beginning with a letter, and not be PUBLIC or a reserved word of Redshift, got: ${var.admin_username}."
  }
}

variable "base_capacity" {
  description = "The capacity that queries start with, in RPUs: 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1,024. Not every Region has more than 512. Default: none: a price-performance target sets the capacity."
  default     = null
  type        = number
  nullable    = true

  validation {
    condition     = var.base_capacity == null ? true : (((var.base_capacity == 4) || (var.base_capacity >= 8 && var.base_capacity <= 512 && (var.base_capacity - 8) % 8 == 0) || (var.base_capacity >= 544 && var.base_capacity <= 1024 && (var.base_capacity - 544) % 32 == 0)))
    error_message = "'base_capacity' must be 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1024, got: ${coalesce(var.base_capacity, "null")}."
  }
}

variable "max_capacity" {
  description = "The most capacity that the workgroup scales to, in RPUs: at least `base_capacity`. Default: no limit."
  default     = null
  type        = number
  nullable    = true

  validation {
    condition     = var.max_capacity == null ? true : (var.max_capacity >= 1 && floor(var.max_capacity) == var.max_capacity)
    error_message = "'max_capacity' must be an integer of 1 or more, got: ${coalesce(var.max_capacity, "null")}."
  }
}

variable "security_group_ids" {
  description = "The security groups of the workgroup."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", value))])
    error_message = "Each of 'security_group_ids' must be a security group ID such as sg-0123456789abcdef0, got: ${join(", ", var.security_group_ids)}."
  }
}

variable "track_name" {
  description = "The release track: current or trailing."
  default     = "current"
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-zA-Z0-9_]{1,256})$", var.track_name))
    error_message = "'track_name' must be one of current, trailing, or a newer value of the same form, got: ${var.track_name}."
  }
}

variable "workgroup_name" {
  description = "The workgroup's name: 3 to 63 lowercase letters, digits or hyphens. Default: the namespace's name."
  default     = null
  type        = string
  nullable    = true

  validation {
    condition     = var.workgroup_name == null ? true : (can(regex("^(?:[a-z0-9-]{3,63})$", var.workgroup_name)))
    error_message = "'workgroup_name' must be 3 to 63 lowercase letters, digits or hyphens, got: ${coalesce(var.workgroup_name, "null")}."
  }
}

variable "user_role_arns" {
  description = "The roles that use the warehouse through the Data API, by ARN. A role that only AWS may change is not among them: it takes the output 'user_policy', for instance as the inline policy of its permission set."
  default     = []
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.user_role_arns : can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::\\d{12}:role/([!-)+->@-z|~]{1,510}/)?[\\w+=,.@-]{1,64})$", value)) && !can(regex(":role/aws-(?:reserved|service-role)/", value)) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", value)) || can(regex(":role/aws-reserved/", value))) && (!can(regex("^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", value)) || can(regex(":role/aws-service-role/", value)))])
    error_message = "Each of 'user_role_arns' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: ${join(", ", var.user_role_arns)}."
  }
}

variable "key_of_another_account" {
  description = "Whether the key is of another account than the roles, which then need IAM permissions on the key."
  default     = false
  type        = bool
  nullable    = false
}
