"""What moto lacks, a file for each service. An import registers the operations that the file answers or checks."""
from . import iam, kms, redshift, redshift_data, redshift_data_sessions, redshift_serverless, sts  # noqa: F401
