"""Limits and refusals of IAM that moto lacks."""
from ..aws import ACCOUNT
from ..caller import role_named
from ..registry import names_resources


@names_resources("iam")
def resource_of(request):
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html"""
    parameters, partition = request.parameters, request.caller.partition
    path = parameters.get("Path") or "/"
    if parameters.get("RoleName"):
        role = role_named(parameters["RoleName"], partition)
        return role.arn if role else f"arn:{partition}:iam::{ACCOUNT}:role{path}{parameters['RoleName']}"
    if parameters.get("PolicyName"):
        return f"arn:{partition}:iam::{ACCOUNT}:policy{path}{parameters['PolicyName']}"
    return parameters.get("PolicyArn", "*")
