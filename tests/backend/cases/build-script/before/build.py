print('nothing to compile')
