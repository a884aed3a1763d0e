resource "aws_redshift_data_share_consumer_association" "this" {
  consumer_arn   = "arn:aws:redshift-serverless:us-east-1:111122223333:namespace/1150cdc2-ffca-4a93-b6af-b3662f0ec2c6"
  data_share_arn = "arn:aws:redshift:us-east-1:999988887777:datashare:3072dae5-022b-4d45-9cd3-01f010aae4b2/sales"
}
