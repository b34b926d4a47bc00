{% raw %}
x:
  poetry install
{% endraw %}
