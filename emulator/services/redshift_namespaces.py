"""The namespaces of clusters and of serverless warehouses. Datashares and resource policies are theirs, in the same API.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/zero-etl.creating.html lists both forms of the ARN.
"""
from . import redshift, redshift_serverless


def exists(region, arn):
    """Whether an ARN is the namespace's of a cluster of the Region, or of a serverless warehouse."""
    clusters = (cluster.cluster_namespace_arn for cluster in redshift.clusters(region).values())
    serverless = (namespace["namespaceArn"] for namespace in redshift_serverless.stored(region, "namespace").values())
    return arn in (*clusters, *serverless)
