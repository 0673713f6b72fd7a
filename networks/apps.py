from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = "Networks"

    def ready(self) -> None:
        from cpdhub import sweeps
        from networks import answers, offer_letters, offering, placing

        offering.connect()
        offer_letters.register()
        sweeps.register("offers", offering.catch_up)
        sweeps.register("places of leavers elsewhere", placing.of_leavers)
        sweeps.register("answers about offers", answers.freeze)
