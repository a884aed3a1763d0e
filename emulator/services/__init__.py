"""The behaviour that moto lacks, a file for each service or kind of resource. Its import registers the operations that it answers or checks."""
import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f".{_module.name}", __name__)
