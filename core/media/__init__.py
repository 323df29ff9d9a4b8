"""Movies, pictures and sound: probing, frame-exact reading, writing, lettering, scaling; runs ffmpeg."""
