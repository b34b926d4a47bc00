#!/bin/bash
bash -e <<EOF
uv sync --locked --inexact --no-default-groups
uv run --no-sync poems read
EOF
ssh -p 22 poet@example.org <<'EOF'
cd poems && uv sync --locked
EOF
docker run -i poems bash -s -- --all <<-EOF
	uv run poems write
	EOF
cat <<EOF > bin/read.sh
#!/bin/sh
exec uv run --no-sync poems read
EOF
cat <<EOF | sudo -u poet bash
uv run --no-sync poems sing
EOF
cat > notes.txt <<EOF
Install with poetry install, then
poetry run poems.
EOF
python - <<EOF
print("poetry install")
EOF
bash scripts/other.sh <<EOF
poetry run poems
EOF
ssh poet@example.org "cd poems && uv sync --locked"
uv sync --locked
