def test_a(user):
    user.settle()
    user.enter("beta1", "0.999")
    assert user.value("beta1") == 0.999
    user.settle()
    user.slide("beta1", 0.2, 0.5)
    print(user.value("beta1"))
    user.choose("surface", "ellipse")
    assert user.scene.surface == "ellipse"
    user.enter("kappa", "1e2")
    print(user.text("kappa"), user.error("kappa"), user.window.focusWidget(), user.window.isActiveWindow())
    assert user.value("kappa") == 100
    user.enter("lr", "1e-8")
    assert user.text("lr") == "1e-8"
    user.enter("lr", "abc")
    print(user.error("lr"))
    user.fill(user.field("noise"), "١")
    print(user.text("noise"), user.error("lr"))
    user.settle()
