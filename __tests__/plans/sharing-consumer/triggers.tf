resource "aws_redshift_data_share_consumer_association" "this" {
  associate_entire_account = true
  data_share_arn           = "arn:aws:redshift:us-east-1:999988887777:datashare:3072dae5-022b-4d45-9cd3-01f010aae4b2/sales"
}
