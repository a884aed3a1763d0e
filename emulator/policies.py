"""Evaluates statements of policies. moto.iam.access_control reads neither Resource nor Condition, so it does not serve.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""
import fnmatch
import json
import re

from .aws import AwsError, items


def documents(*policies):
    """The statements of policies, each JSON or a parsed document."""
    parsed = (json.loads(policy) if isinstance(policy, str) else policy for policy in policies)
    return [statement for policy in parsed for statement in items(policy.get("Statement"))]


def decision(statements, action, resource, context):
    """The effects of the statements that apply: "Deny" before "Allow"; None if no statement applies."""
    effects = {s["Effect"] for s in statements if applies(s, action, resource, context)}
    return "Deny" if "Deny" in effects else "Allow" if "Allow" in effects else None


def applies(statement, action, resource, context):
    """Whether a statement is about an action and a resource, and its conditions are met. No resource matches every statement."""
    if "Action" in statement and not any(_like(a, action, ignore_case=True) for a in items(statement["Action"])):
        return False
    if "NotAction" in statement and any(_like(a, action, ignore_case=True) for a in items(statement["NotAction"])):
        return False
    if resource is not None:
        if "Resource" in statement and not any(_like(_filled(r, context), resource) for r in items(statement["Resource"])):
            return False
        if "NotResource" in statement and any(_like(_filled(r, context), resource) for r in items(statement["NotResource"])):
            return False
    return all(
        _is_met(operator, key, wanted, context)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, wanted in keys.items()
    )


def _like(pattern, text, ignore_case=False):
    pattern = re.sub(r"[\[\]]", lambda bracket: f"[{bracket.group()}]", pattern)
    return fnmatch.fnmatchcase(text.lower(), pattern.lower()) if ignore_case else fnmatch.fnmatchcase(text, pattern)


def _filled(text, context):
    """Policy variables: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"""
    return re.sub(r"\$\{([^}]+)\}", lambda variable: str(context.get(variable.group(1), "")), str(text))


_OPERATORS = {
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringEqualsIgnoreCase": lambda wanted, actual: wanted.lower() == actual.lower(),
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda wanted, actual: wanted.lower() == actual.lower(),
    "NumericEquals": lambda wanted, actual: float(wanted) == float(actual),
    "NumericLessThanEquals": lambda wanted, actual: float(actual) <= float(wanted),
    "NumericGreaterThanEquals": lambda wanted, actual: float(actual) >= float(wanted),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


def _is_met(name, key, wanted, context):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
    quantifier, operator = name.split(":", 1) if ":" in name else ("", name)
    actual = {k.lower(): v for k, v in context.items()}.get(key.lower())
    if operator == "Null":
        return (actual is None) == (str(items(wanted)[0]).lower() == "true")
    if operator.endswith("IfExists"):
        operator = operator[: -len("IfExists")]
        if actual is None:
            return True
    positive = _NEGATED.get(operator, operator)
    if positive not in _OPERATORS:
        raise AwsError("MalformedPolicyDocument", f"Invalid condition operator: {operator}")
    if actual is None:
        return quantifier == "ForAllValues" or operator in _NEGATED
    filled = [_filled(w, context) for w in items(wanted)]

    def one(value):
        found = any(_OPERATORS[positive](w, str(value)) for w in filled)
        return found != (operator in _NEGATED)

    return (any if quantifier == "ForAnyValue" else all)(one(value) for value in items(actual))


def trusts(document, name, context, element="Service", action="sts:AssumeRole"):
    """Whether a trust policy lets a service of AWS, or the users of an identity provider (Federated), assume its role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html
    """
    effects = {
        statement["Effect"]
        for statement in documents(document)
        if name in items((statement.get("Principal") or {}).get(element)) and applies(statement, action, None, context)
    }
    return effects == {"Allow"}


def grant(statements, caller, action, context):
    """The closest principal that a resource's own policy allows an action: "session", "role", "account"; None if it allows none."""
    granted = set()
    for statement in statements:
        named = _named(statement.get("Principal"), caller)
        if named and applies(statement, action, None, context):
            if statement["Effect"] == "Deny":
                return None
            granted |= named
    return next((principal for principal in ("session", "role", "account") if principal in granted), None)


def _named(principal, caller):
    """How a Principal element names the caller. Everybody is named as the role is."""
    names = {"*"} if principal == "*" else set(items((principal or {}).get("AWS")))
    arns = {
        "session": {caller.session_arn},
        "role": {caller.arn, "*"},
        "account": {f"arn:{caller.partition}:iam::{caller.account}:root", caller.account},
    }
    return {kind for kind, named in arns.items() if named & names}
