resource "aws_redshift_data_share_authorization" "this" {
  consumer_identifier = "999988887777"
  data_share_arn      = "arn:aws:redshift:us-east-1:111122223333:datashare:3072dae5-022b-4d45-9cd3-01f010aae4b2/sales"
}
