"""Words of what is published of a site and its EVSEs; OCPI 2.2.1's codes where it has some."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicAccess(models.TextChoices):
    """Whether anybody may charge (AFIR art. 2(45)); decides which duties apply."""

    UNSTATED = "", _("Not stated")
    PUBLIC = "public", _("Yes, for everyone")
    PART_TIME = "part_time", _("Part of the time")
    PRIVATE = "private", _("No")


class PlaceClass(models.TextChoices):
    """What charging there is to who drives: decides how employers treat it in wages."""

    UNSTATED = "", _("Not stated")
    HOME = "home", _("Home")
    WORKPLACE = "workplace", _("Workplace")
    DEPOT = "depot", _("Depot")
    PUBLIC = "public", _("Public")


class AccessType(models.TextChoices):
    """Who may enter the place."""

    UNSTATED = "", _("Not stated")
    OPEN = "open", _("Open to everyone")
    BARRIER = "barrier", _("Behind a barrier, open to everyone")
    ENTRANCE_FEE = "entrance_fee", _("Against an entrance or parking fee")
    CUSTOMERS = "customers", _("Customers and guests")
    EMPLOYEES = "employees", _("Employees")
    RESIDENTS = "residents", _("Residents")


class ParkingType(models.TextChoices):
    """What kind of place it is (OCPI ParkingType)."""

    UNSTATED = "", _("Not stated")
    ALONG_MOTORWAY = "ALONG_MOTORWAY", _("Along a motorway")
    PARKING_GARAGE = "PARKING_GARAGE", _("Parking garage")
    PARKING_LOT = "PARKING_LOT", _("Parking lot")
    ON_DRIVEWAY = "ON_DRIVEWAY", _("On a driveway")
    ON_STREET = "ON_STREET", _("On the street")
    UNDERGROUND_GARAGE = "UNDERGROUND_GARAGE", _("Underground garage")


class Renewable(models.TextChoices):
    """Whether the electricity is renewable throughout (AFIR art. 20(2)(c))."""

    UNSTATED = "", _("Not stated")
    YES = "yes", _("Yes, all of it")
    NO = "no", _("No, or not all of it")


class Suitability(models.TextChoices):
    """Whether people with disabilities can use the place."""

    UNSTATED = "", _("Not stated")
    YES = "yes", _("Suitable")
    PARTLY = "partly", _("Partly suitable")
    NO = "no", _("Not suitable")


class PaymentWay(models.TextChoices):
    """How somebody without a contract or with one can pay."""

    CARD_READER = "card_reader", _("Bank card at a reader")
    CONTACTLESS = "contactless", _("Contactless bank card")
    QR_CODE = "qr_code", _("QR code and a web page")
    APP = "app", _("App")
    RFID = "rfid", _("Charging card")
    PLUG_AND_CHARGE = "plug_and_charge", _("Plug and charge")
    FREE = "free", _("Free of charge")


class ParkingRestriction(models.TextChoices):
    """Who may park at an EVSE (OCPI ParkingRestriction)."""

    NONE = "NONE", _("No restriction")
    EV_ONLY = "EV_ONLY", _("Electric vehicles only")
    PLUGGED = "PLUGGED", _("Only while plugged in")
    DISABLED = "DISABLED", _("People with disabilities only")
    CUSTOMERS = "CUSTOMERS", _("Customers only")
    MOTORCYCLES = "MOTORCYCLES", _("Motorcycles only")


class VehicleType(models.TextChoices):
    """Which vehicles fit (AFIR art. 20(2)(b), compatibility)."""

    CAR = "car", _("Car")
    VAN = "van", _("Van")
    LORRY = "lorry", _("Lorry")
    BUS = "bus", _("Bus")
    MOTORCYCLE = "motorcycle", _("Motorcycle")
    TRAILER = "trailer", _("Vehicle with a trailer")


class GrantState(models.TextChoices):
    """Whether public money has conditions for an EVSE."""

    UNSTATED = "", _("Not stated")
    NONE = "none", _("No grant")
    GRANTED = "granted", _("Built with a grant")
