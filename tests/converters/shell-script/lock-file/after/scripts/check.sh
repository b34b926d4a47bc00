#!/bin/bash
# copies uv.lock
# poetry.lock is what poetry lock writes
LOCK=uv.lock
if [ -f uv.lock ]; then
  cp uv.lock "$1"
fi
test -e "$ROOT/uv.lock" || exit 1
[[ ! -s uv.lock ]] && uv lock
for name in pyproject.toml uv.lock; do
  git add "$name"
done
files=(uv.lock pyproject.toml)
case "$2" in
  uv.lock) uv sync --locked ;;
esac
[ "$(sha256sum uv.lock)" = "$3" ]
while read -r line; do echo "$line"; done < poetry.lock
grep -c "^name" poetry.lock
git diff --stat > uv.lock.diff
cat > files.txt <<EOF
uv.lock
EOF
echo "${files[@]}" my-poetry.lock
