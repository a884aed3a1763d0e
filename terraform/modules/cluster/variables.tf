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

variable "cluster_identifier" {
  description = "The cluster's identifier: 1 to 63 lowercase letters, digits or hyphens. It is part of the encryption context."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z][a-z0-9-]{0,62})$", var.cluster_identifier)) && !can(regex("--", var.cluster_identifier)) && !can(regex("-$", var.cluster_identifier))
    error_message = "'cluster_identifier' must be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: ${var.cluster_identifier}."
  }
}

variable "node_type" {
  description = "The node type, RA3 or RG."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z0-9]{2,20}\\.[a-z0-9]{2,20})$", var.node_type)) && !can(regex("^d[cs]", var.node_type))
    error_message = "'node_type' must be one of ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, rg.large, rg.xlarge, rg.4xlarge, rg.12xlarge, or a newer value of the same form, got: ${var.node_type}."
  }
}

variable "automated_snapshot_retention_period" {
  description = "How long automated snapshots are kept, in days: 1 to 35."
  default     = 7
  type        = number
  nullable    = false

  validation {
    condition     = var.automated_snapshot_retention_period >= 1 && var.automated_snapshot_retention_period <= 35 && floor(var.automated_snapshot_retention_period) == var.automated_snapshot_retention_period
    error_message = "'automated_snapshot_retention_period' must be an integer from 1 to 35, got: ${var.automated_snapshot_retention_period}."
  }
}

variable "availability_zone_relocation_enabled" {
  description = "Whether Redshift may move the cluster to another Availability Zone. AWS turns it on for a new cluster with subnets in several zones, and the provider shows a diff if it is not set. Default: true, unless the cluster is multi-AZ, which has its own failover, or has one subnet only."
  default     = null
  type        = bool
  nullable    = true
}

variable "cluster_parameter_group_name" {
  description = "An existing parameter group. Its owner decides whether TLS is required. Default: a group is created, with `require_ssl` and `enable_user_activity_logging` on."
  default     = null
  type        = string
  nullable    = true

  validation {
    condition     = var.cluster_parameter_group_name == null ? true : (can(regex("^(?:[a-z0-9.-]{1,255})$", var.cluster_parameter_group_name)))
    error_message = "'cluster_parameter_group_name' must be 1 to 255 lowercase letters, digits, hyphens or dots, got: ${coalesce(var.cluster_parameter_group_name, "null")}."
  }
}

variable "maintenance_track_name" {
  description = "The maintenance track, which decides the releases that the cluster gets: current, trailing, or a preview track. Default: current, as AWS decides."
  default     = null
  type        = string
  nullable    = true

  validation {
    condition     = var.maintenance_track_name == null ? true : (can(regex("^(?:[a-zA-Z0-9_]{1,256})$", var.maintenance_track_name)))
    error_message = "'maintenance_track_name' must be one of current, trailing, or a newer value of the same form, got: ${coalesce(var.maintenance_track_name, "null")}."
  }
}

variable "master_username" {
  description = "The admin's name: 1 to 128 lowercase letters, digits or any of `_+.@-`, and no reserved word. A restored cluster has the snapshot's name; another name replaces the cluster."
  default     = "warehouse_admin"
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z][a-z0-9_+.@-]{0,127})$", var.master_username)) && !can(regex("^public$", var.master_username)) && !can(regex("^(aes128|aes256|all|allowoverwrite|analyse|analyze|and|any|array|as|asc|authorization|az64|backup|between|binary|blanksasnull|both|bytedict|bzip2|case|cast|check|collate|column|constraint|create|credentials|cross|current_date|current_time|current_timestamp|current_user|current_user_id|default|deferrable|deflate|defrag|delta|delta32k|desc|disable|distinct|do|else|emptyasnull|enable|encode|encrypt|encryption|end|except|explicit|false|for|foreign|freeze|from|full|globaldict256|globaldict64k|grant|group|gzip|having|identity|ignore|ilike|in|initially|inner|intersect|interval|into|is|isnull|join|leading|left|like|limit|localtime|localtimestamp|lun|luns|lzo|lzop|minus|mostly16|mostly32|mostly8|natural|new|not|notnull|null|nulls|off|offline|offset|oid|old|on|only|open|or|order|outer|overlaps|parallel|partition|percent|permissions|pivot|placing|primary|raw|readratio|recover|references|rejectlog|resort|respect|restore|right|select|session_user|similar|snapshot|some|sysdate|system|table|tag|tdes|text255|text32k|then|timestamp|to|top|trailing|true|truncatecolumns|union|unique|unnest|unpivot|user|using|verbose|wallet|when|where|with|without)$", var.master_username))
    error_message = "'master_username' must be 1 to 128 lowercase letters, digits or any of _+.@-, beginning with a letter, and not be PUBLIC or a reserved word of Redshift, got: ${var.master_username}."
  }
}

variable "multi_az" {
  description = "Whether the cluster runs in two Availability Zones at once: two nodes or more in each, and subnets in three zones."
  default     = false
  type        = bool
  nullable    = false
}

variable "number_of_nodes" {
  description = "How many compute nodes the cluster has. The range depends on the node type, and is not checked for a node type that is newer than this version."
  type        = number
  nullable    = false

  validation {
    condition     = var.number_of_nodes >= 1 && floor(var.number_of_nodes) == var.number_of_nodes
    error_message = "'number_of_nodes' must be an integer of 1 or more, got: ${var.number_of_nodes}."
  }
}

variable "preferred_maintenance_window" {
  description = "When Redshift may maintain the cluster, in UTC: `sun:03:00-sun:04:00`. Default: AWS chooses."
  default     = null
  type        = string
  nullable    = true
}

variable "vpc_security_group_ids" {
  description = "The security groups of the cluster."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for value in var.vpc_security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", value))])
    error_message = "Each of 'vpc_security_group_ids' must be a security group ID such as sg-0123456789abcdef0, got: ${join(", ", var.vpc_security_group_ids)}."
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
