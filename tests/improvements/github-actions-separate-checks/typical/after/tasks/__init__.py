from invoke.collection import Collection

from tasks import checks, formats

ns = Collection(checks, formats)
