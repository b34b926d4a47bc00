#!/bin/bash
# copies poetry.lock
# poetry.lock is what poetry lock writes
LOCK=poetry.lock
if [ -f poetry.lock ]; then
  cp poetry.lock "$1"
fi
test -e "$ROOT/poetry.lock" || exit 1
[[ ! -s poetry.lock ]] && poetry lock
for name in pyproject.toml poetry.lock; do
  git add "$name"
done
files=(poetry.lock pyproject.toml)
case "$2" in
  poetry.lock) poetry install ;;
esac
[ "$(sha256sum poetry.lock)" = "$3" ]
while read -r line; do echo "$line"; done < poetry.lock
grep -c "^name" poetry.lock
git diff --stat > poetry.lock.diff
cat > files.txt <<EOF
poetry.lock
EOF
echo "${files[@]}" my-poetry.lock
