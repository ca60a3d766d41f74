print("fika")
