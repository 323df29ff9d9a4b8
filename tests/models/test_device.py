from shotwright.core.models.device import bfloat16_is_fast, device_words


def test_the_device_is_told_in_words() -> None:
    assert device_words().endswith(("CPU", "CUDA"))


def test_a_device_that_torch_says_nothing_of_computes_in_float32() -> None:
    assert bfloat16_is_fast("mps") is False
    assert isinstance(bfloat16_is_fast("cpu"), bool)
