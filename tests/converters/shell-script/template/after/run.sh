{% if x %}
poetry run x
{% endif %}
