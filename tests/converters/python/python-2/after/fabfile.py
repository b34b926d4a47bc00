print "x"
local("poetry install")
