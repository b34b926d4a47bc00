#!/bin/bash
bash -e <<EOF
poetry config virtualenvs.in-project true
poetry install --only main
poetry run poems read
EOF
ssh -p 22 poet@example.org <<'EOF'
cd poems && poetry install
EOF
docker run -i poems bash -s -- --all <<-EOF
	poetry run poems write
	EOF
cat <<EOF > bin/read.sh
#!/bin/sh
exec poetry run poems read
EOF
cat <<EOF | sudo -u poet bash
poetry run poems sing
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
ssh poet@example.org "cd poems && poetry install"
poetry install
